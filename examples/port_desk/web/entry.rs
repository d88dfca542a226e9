//! Logging in and out.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use snap_port::Actor;

use super::super::form::{Fields, Problems};
use super::gate::STAFF;
use super::refused::Refused;
use super::{App, body, own_form, page, person, see_other};

/// A name, a role and a token are short.
const LIMIT: usize = 16 * 1024;

/// The form.
pub(super) async fn ask() -> Response {
    page::login(StatusCode::OK, &[])
}

/// Gives the cookie for the token.
pub(super) async fn enter(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let entered = async {
        let body = body::read(body, LIMIT, app.patience).await?;
        let form = body::form(&head.headers, &body)?;
        let problems = Problems::default();
        let fields = Fields::new(&form, &problems);
        let role = fields
            .need("role")
            .and_then(|_| fields.one_of("role", &STAFF));
        let by = fields.needed("name", |name| {
            // A role that is none is told of beside it.
            Actor::new(name, role.unwrap_or(STAFF[0]))
        });
        fields.needed("token", |token| match app.gate.is_token(token.trim()) {
            true => Ok(()),
            false => Err("this is not the desk's token"),
        });
        Ok::<Actor, Refused>(problems.or(role.and(by))?)
    };
    match entered.await {
        Ok(actor) => ([(SET_COOKIE, app.gate.cookie(&actor))], see_other("/")).into_response(),
        Err(refused) => page::login(refused.status, &refused.problems),
    }
}

/// Makes the browser forget.
pub(super) async fn leave(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Some(who) = person(&app, &head.headers) else {
        return see_other("/login");
    };
    match own_form(&app, &who, &head, body).await {
        Ok(_) => ([(SET_COOKIE, app.gate.no_cookie())], see_other("/login")).into_response(),
        Err(refused) => page::refused(&who, None, &refused),
    }
}
