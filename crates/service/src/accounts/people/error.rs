//! Why an account or a group was not changed.

use crate::ServiceError;

/// An account or a group was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The sign-in name is empty, over 64 characters, or has line breaks or invisible characters.
    #[error("not a usable sign-in name")]
    Name,
    /// There is an account of this sign-in name.
    #[error("there is an account of that name already")]
    NameTaken,
    /// No account has this sign-in name.
    #[error("there is no account of that name")]
    NoSuchName,
    /// The person's name is too long, or has line breaks or invisible characters.
    #[error("not a usable name of a person")]
    Person,
    /// The name of the group is empty or too long, or has line breaks or invisible characters.
    #[error("not a usable name of a group")]
    GroupName,
    /// There is a group of this name, or of this claim.
    #[error("there is a group of that name or claim already")]
    GroupTaken,
    /// The claim is too long, or has control characters.
    #[error("not a usable claim")]
    Claim,
    /// Single sign-on decides who the members of the group are.
    #[error("the members come from single sign-on")]
    FromClaim,
    /// Without this account nobody could act as an administrator.
    #[error("the last administrator")]
    LastAdmin,
    /// Passwords are off but for this account, which must be able to act as an administrator.
    #[error("the break-glass account")]
    BreakGlass,
    /// The account is the caller's own, which has a page for that.
    #[error("the own account")]
    Own,
    /// Passwords are off: nobody could sign in with the one that a one-time link sets.
    #[error("passwords are off")]
    PasswordsOff,
    /// The account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
