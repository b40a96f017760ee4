//! What is looked after without a person: rooms that are always recorded, recordings that a person
//! should look at, tracks that are expected.

pub(crate) mod always;
pub(crate) mod dismiss;
pub(crate) mod form;
pub(crate) mod look;
pub(crate) mod start;
pub(crate) mod view;
