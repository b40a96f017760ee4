//! Redirects plain forms back to the page of the apps.

use leptos::server_fn::ServerFn;
use reelroom_domain::app::AppForm;
use reelroom_service::SaveAppError;

use crate::{error::ApiError, paths::LocalAddress, server::back_to_form};

/// The page of the apps.
pub fn apps() -> LocalAddress {
    LocalAddress::or_home("/settings/apps")
}

/// The typed values except the AppID and the token, because addresses end up in histories and logs.
fn fields(typed: &AppForm) -> [(&'static str, String); 12] {
    let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
    [
        ("id", typed.id.map(|id| id.to_string()).unwrap_or_default()),
        ("name", typed.name.clone()),
        ("api_base", typed.api_base.clone()),
        ("method", typed.method.clone()),
        ("encoding", typed.encoding.clone()),
        ("reply_form", typed.reply_form.clone()),
        ("zone", typed.zone.clone()),
        ("allowed_hosts", typed.allowed_hosts.clone()),
        ("public_cloud", yes(typed.public_cloud)),
        ("frames", yes(typed.frames)),
        ("kinds", typed.kinds.clone()),
        ("vod_base", typed.vod_base.clone()),
    ]
}

/// The page of the apps with the typed values.
pub fn to_typed(typed: &AppForm) -> LocalAddress {
    let fields = fields(typed);
    let pairs: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    apps().with(&pairs)
}

/// Redirects a plain form with the typed values and the error; returns the error.
pub fn back_with_typed<F>(typed: &AppForm, error: ApiError) -> ApiError
where
    F: ServerFn<Error = ApiError>,
{
    back_to_form::<F>(&to_typed(typed), &[], &error);
    error
}

impl From<SaveAppError> for ApiError {
    fn from(error: SaveAppError) -> Self {
        match error {
            SaveAppError::Field(field) => Self::invalid(field, "unusable"),
            SaveAppError::OverLimit(field) => Self::invalid(field, "too_long"),
            SaveAppError::Service(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_never_stands_in_an_address() {
        let typed = AppForm {
            name: "Board & co".to_owned(),
            app_id: "a1b2c3d4".to_owned(),
            encoding: "json".to_owned(),
            kinds: "Meet\r\nLive".to_owned(),
            ..AppForm::default()
        };
        assert_eq!(
            to_typed(&typed).as_str(),
            "/settings/apps?name=Board%20%26%20co&encoding=json&kinds=Meet%0D%0ALive"
        );
    }
}
