"""Backups, restoring them, and moving to another database.

A backup is a folder: the whole database as a file of SQLite, whatever database it came from; the
published heads of the audit log; the keys of the installation, sealed by a passphrase; and a
manifest that says what must be in it (ADR 96).
"""
