"""What each command of `homecare` does, once its arguments are read."""

__all__: list[str] = []
