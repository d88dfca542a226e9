//! What Twilio sends: hints, never evidence.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use snap_port::Find;
use snap_port::twilio::webhook::{Forged, Genuine, WebhookRequest};

use super::{App, body};

/// Twilio's deliveries are far smaller.
pub(crate) const LIMIT: usize = 256 * 1024;

/// 204 to what Twilio signed, 403 to anything else. The numbers it is about are looked at sooner.
pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match body::read(body, LIMIT, app.patience).await {
        Ok(body) => body,
        Err(refused) => return refused.status.into_response(),
    };
    let asked = head.uri.path_and_query();
    let url = format!(
        "{}{}",
        app.public_url,
        asked.map_or("", |asked| asked.as_str())
    );
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let request = WebhookRequest::new(head.method.as_str(), &url, &body).headers(headers);
    match app.webhook.verify(&request) {
        Ok(genuine) => heed(&app, &genuine).await,
        Err(Forged::BodyTooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(why) => {
            tracing::warn!(%why, "an event was refused");
            StatusCode::FORBIDDEN.into_response()
        }
    }
}

async fn heed(app: &App, genuine: &Genuine<'_>) -> Response {
    let hints = match genuine.hints() {
        Ok(hints) => hints,
        Err(why) => {
            tracing::warn!(%why, "an event that is genuine cannot be read");
            return StatusCode::NO_CONTENT.into_response();
        }
    };
    for hint in &hints {
        app.twilio.hear(hint);
        for number in hint.numbers() {
            if let Err(error) = app.desk.hint(&Find::Number(number)).await {
                // Without it the next regular look comes all the same; with it Twilio tries again.
                tracing::warn!(%error, "a hint was not taken");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        }
    }
    StatusCode::NO_CONTENT.into_response()
}
