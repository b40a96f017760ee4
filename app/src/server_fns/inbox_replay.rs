use leptos::prelude::*;

use crate::error::ApiError;

/// Replays a call. A plain form returns to `back`.
#[server(prefix = "/fn", endpoint = "replay_call")]
pub async fn replay_call(id: String, #[server(default)] back: String) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        server::{id_named, require, service},
        server_fns::back_to_inbox::back_to_inbox,
    };

    let me = require(Role::Operator)?;
    let id = id_named(&id)?;
    let answer = service().replay_call(&me, id).await;
    back_to_inbox::<ReplayCall, _>(&back, answer.map_err(ApiError::from))
}

/// Starts replaying all calls that were not understood.
#[server(prefix = "/fn", endpoint = "replay_all")]
pub async fn replay_all(#[server(default)] back: String) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        server::{require, service},
        server_fns::back_to_inbox::back_to_inbox,
    };

    let me = require(Role::Admin)?;
    let answer = service().replay_all(&me).await;
    back_to_inbox::<ReplayAll, _>(&back, answer.map_err(ApiError::from))
}
