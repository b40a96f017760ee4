//! The rules of sign-in, among the settings.

use reelroom_domain::user::SignInRules;
use reelroom_store::{Conn, settings};

use crate::ServiceError;

/// Their name among the settings.
const NAME: &str = "sign_in_rules";

/// The rules; the defaults until they are changed.
pub(crate) async fn sign_in_rules(conn: &mut Conn) -> Result<SignInRules, ServiceError> {
    let rules = settings::get_value(conn, NAME).await?;
    Ok(rules.unwrap_or_default())
}
