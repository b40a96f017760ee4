//! Health: the process lives, database and storage answer, no background job is stuck.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use reelroom_service::{NotReady, Service};

/// `GET /healthz`: the process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: database and storage answer, and no background job is stuck.
pub(crate) async fn readyz(State(service): State<Service>) -> impl IntoResponse {
    let error = match service.ready().await {
        Ok(()) => return (StatusCode::OK, "ready\n".to_owned()),
        Err(error) => error,
    };
    tracing::error!(%error, "not ready");
    let body = match error {
        NotReady::Stuck(_) => format!("not ready: {error}\n"),
        NotReady::Service(_) => "not ready\n".to_owned(),
    };
    (StatusCode::SERVICE_UNAVAILABLE, body)
}
