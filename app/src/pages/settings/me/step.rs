use reelroom_service::{NewCodes, NewFactor};

use crate::error::ApiError;

/// The step of a set-up that the page shows.
pub enum Step {
    /// Nothing.
    Rest,
    /// A new key for an app, and whether a wrong code was typed.
    Phone(NewFactor, bool),
    /// New recovery codes.
    Codes(NewCodes),
    /// The error of the form that leads to the step of this name.
    Refused(&'static str, ApiError),
    /// A form that has expired.
    Lapsed,
}
