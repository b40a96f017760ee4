use leptos::prelude::*;

use crate::error::ApiError;

/// Marks a call as dealt with, or as open if `dealt` is empty. A plain form returns to `back`.
#[server(prefix = "/fn", endpoint = "deal_with_call")]
pub async fn deal_with_call(
    id: String,
    #[server(default)] dealt: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        server::{id_named, require, service},
        server_fns::back_to_inbox::back_to_inbox,
    };

    let me = require(Role::Operator)?;
    let id = id_named(&id)?;
    let answer = service().deal_with_call(&me, id, !dealt.is_empty()).await;
    back_to_inbox::<DealWithCall, _>(&back, answer.map_err(ApiError::from))
}
