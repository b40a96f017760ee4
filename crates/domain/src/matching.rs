//! How a file finds its recording.
