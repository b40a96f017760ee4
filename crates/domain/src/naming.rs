//! The naming rule.
