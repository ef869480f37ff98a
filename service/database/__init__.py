"""What the service keeps: jobs, documents, people, keys and the audit log, by organisation."""

__all__: list[str] = []
