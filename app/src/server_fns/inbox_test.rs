use leptos::prelude::*;

use crate::error::ApiError;

/// Sends a test callback to the public address or, if `local` is not empty, to the local one. The page shows
/// the result. A plain form returns to `back`.
#[server(prefix = "/fn", endpoint = "send_test_callback")]
pub async fn send_test_callback(
    #[server(default)] local: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::TestError;

    use crate::{
        server::{require, service},
        server_fns::back_to_inbox::back_to_inbox,
    };

    let me = require(Role::Admin)?;
    let answer = service().send_test(&me, !local.is_empty()).await;
    let answer = answer.map(drop).map_err(|error| match error {
        TestError::NoAddress => ApiError::NotAllowed,
        TestError::Service(error) => error.into(),
    });
    back_to_inbox::<SendTestCallback, _>(&back, answer)
}
