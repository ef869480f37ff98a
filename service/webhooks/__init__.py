"""Webhooks: endpoints, the outbox, and the thread that sends what is in it."""

__all__: list[str] = []
