"""The revisions of the database's tables, applied by ``backend/store/migrate.py``."""
