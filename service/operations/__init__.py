"""What keeps the service running: logs, figures, requests under way."""

__all__: list[str] = []
