//! A PostgreSQL of a test's own.
