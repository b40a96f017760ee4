use leptos::prelude::*;
use reelroom_domain::ids::AppId;

use crate::error::ApiError;

/// Removes an app that has no recordings, and returns its id.
#[server(prefix = "/fn", endpoint = "remove_app")]
pub async fn remove_app(id: String) -> Result<AppId, ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::{RemoveAppError, ServiceError};

    use crate::{
        server::{app_named, back_to_form, is_plain_form, redirect, require, service},
        server_fns::back_to_apps::apps,
    };

    let me = require(Role::Admin)?;
    let app = app_named(&id)?.ok_or(ServiceError::NotFound)?;
    let answer = service().remove_app(&me, app).await;
    let answer = answer.map(|()| app).map_err(|error| match error {
        RemoveAppError::HasRecordings(_) => ApiError::invalid("app", "has_recordings"),
        RemoveAppError::Service(error) => error.into(),
    });
    match &answer {
        Ok(_) if is_plain_form() => redirect(&apps()),
        Ok(_) => {}
        Err(error) => back_to_form::<RemoveApp>(&apps(), &[("of", &id)], error),
    }
    answer
}
