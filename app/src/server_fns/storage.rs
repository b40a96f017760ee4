//! The storage, and for how long what grows beside it is kept.

use leptos::prelude::*;
use reelroom_domain::{growth::KeepingForm, usage::StorageTest};
use reelroom_service::KeepingError;

use crate::{
    error::ApiError,
    paths::LocalAddress,
    server::{answer_form, browser, principal, service},
};

/// Tests the storage with a small object. The result is kept, and the page of the storage shows it.
#[server(prefix = "/fn", endpoint = "test_storage")]
pub async fn test_storage() -> Result<StorageTest, ApiError> {
    let me = principal()?;
    Ok(service().test_storage(&me).await?)
}

/// Changes for how many days what grows beside the files is kept. The error names every invalid field.
#[server(prefix = "/fn", endpoint = "set_keeping")]
pub async fn set_keeping(#[server(flatten)] form: KeepingForm) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().set_keeping(&me, &browser(), &form).await;
    let page = LocalAddress::or_home("/settings/storage");
    let done = page.with(&[("saved", "keeping")]);
    answer_form::<SetKeeping, _>(answer, &done, &page, &form.fields())
}

impl From<KeepingError> for ApiError {
    fn from(error: KeepingError) -> Self {
        match error {
            KeepingError::Fields(fields) => Self::of_fields(fields, "unusable"),
            KeepingError::Service(error) => error.into(),
        }
    }
}
