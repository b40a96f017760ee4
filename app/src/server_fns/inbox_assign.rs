use leptos::prelude::*;

use crate::error::ApiError;

/// Assigns the file of a call to a recording. A plain form returns to `back`.
#[server(prefix = "/fn", endpoint = "assign_call")]
pub async fn assign_call(
    id: String,
    #[server(default)] recording: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::AssignError;

    use crate::{
        server::{id_named, require, service},
        server_fns::back_to_inbox::back_to_inbox,
    };

    let me = require(Role::Operator)?;
    let id = id_named(&id)?;
    let recording = id_named(&recording)?;
    let answer = service().assign_call(&me, id, recording).await;
    let answer = answer.map_err(|error| match error {
        AssignError::NotAFile => ApiError::NotAllowed,
        AssignError::Service(error) => error.into(),
    });
    back_to_inbox::<AssignCall, _>(&back, answer)
}
