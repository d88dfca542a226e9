//! The desk over HTTP: JSON for programs, pages for people, events of Twilio.

pub(crate) mod act;
pub(crate) mod body;
mod entry;
pub(crate) mod events;
pub(crate) mod gate;
pub(crate) mod page;
mod papers;
mod refused;
mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, REFERRER_POLICY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use snap_port::twilio::TwilioCarrier;
use snap_port::twilio::webhook::Webhook;
use snap_port::{
    Actor, CarrierId, Clock, DocumentSource, Find, OrderRef, Page, Party, PhoneNumber, PortDesk,
    PortRequestId, Status, Zone,
};

use super::form::{Fields, Problems, actor};
use body::{FORM_LIMIT, JSON_LIMIT, parameter, whole};
use gate::{Caller, Gate, Session};
use refused::{Refused, json_response};

/// What the handlers share.
pub(crate) struct App {
    pub(crate) desk: PortDesk,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) carrier: CarrierId,
    /// Hears what Twilio says of registrations.
    pub(crate) twilio: Arc<TwilioCarrier>,
    pub(crate) webhook: Webhook,
    /// How Twilio is told to reach this desk.
    pub(crate) public_url: String,
    pub(crate) gate: Gate,
    pub(crate) documents: Option<Arc<dyn DocumentSource>>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) zone: Zone,
    /// How long a body may take to come.
    pub(crate) patience: Duration,
}

/// All there is to ask for.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(page::work))
        .route("/login", get(entry::ask).post(entry::enter))
        .route("/logout", post(entry::leave))
        .route("/style.css", get(style))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/work", get(work))
        .route("/ports", get(find).post(start))
        .route("/ports/{id}", get(port))
        .route("/ports/{id}/timeline", get(timeline))
        .route("/ports/{id}/documents/{place}", get(page::document))
        .route("/ports/{id}/{act}", post(act_on))
        .route("/twilio/events", post(events::take))
        .fallback(async || Refused::new(StatusCode::NOT_FOUND, "there is nothing here").json())
        .layer(map_response(guarded))
        .with_state(app)
}

/// What every answer says: nobody keeps, frames or guesses at it, and nothing in it runs.
async fn guarded(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    let rules: [(HeaderName, &'static str); 5] = [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in rules {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

async fn style() -> Response {
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("style.css")).into_response()
}

/// Whether the store answers.
async fn health(State(app): State<Arc<App>>) -> Response {
    match app.desk.find(&Find::All, &Page::first(1)).await {
        Ok(_) => json_response(StatusCode::OK, &json!({ "store": "answers" })),
        Err(error) => Refused::from(error).json(),
    }
}

async fn metrics(State(app): State<Arc<App>>, head: HeaderMap) -> Response {
    match app.gate.caller(&head) {
        None => stranger(),
        Some(_) => {
            app.metrics.run_upkeep();
            let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, app.metrics.render()).into_response()
        }
    }
}

async fn work(State(app): State<Arc<App>>, head: HeaderMap, uri: Uri) -> Response {
    for_programs(&app, &head, async {
        let party = named(&uri, "party", Party::from_name)?;
        Ok(view::work(&app.desk.work_list(party).await?))
    })
    .await
}

async fn find(State(app): State<Arc<App>>, head: HeaderMap, uri: Uri) -> Response {
    for_programs(&app, &head, async {
        let limit = whole(&uri, "limit")?.unwrap_or(100).clamp(1, 1000);
        let after = named(&uri, "after", |id| PortRequestId::parse(id).ok())?;
        let page = Page { after, limit };
        let found = app.desk.find(&wanted(&app, &uri)?, &page).await?;
        Ok(view::found(&found, limit))
    })
    .await
}

/// What the query asks for; the first of its parameters that says so.
fn wanted(app: &App, uri: &Uri) -> Result<Find, Refused> {
    let order = named(uri, "order", |order| OrderRef::parse(order).ok())?;
    Ok(
        if let Some(status) = named(uri, "state", Status::from_name)? {
            Find::Status(status)
        } else if let Some(party) = named(uri, "waiting_on", Party::from_name)? {
            Find::WaitingOn(party)
        } else if let Some(number) = named(uri, "number", |n| PhoneNumber::from_e164(n).ok())? {
            Find::Number(number)
        } else if let Some(order) = order {
            Find::Order(app.carrier.clone(), order)
        } else if parameter(uri, "troubled").is_some() {
            Find::Troubled
        } else {
            Find::All
        },
    )
}

async fn start(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let started = async {
        let body = body::read(body, JSON_LIMIT, app.patience).await?;
        let form = body::json(&head.headers, &body)?;
        let (by, id) = {
            let problems = Problems::default();
            let fields = Fields::new(&form, &problems);
            let by = actor(&fields);
            let id = fields.needed("id", PortRequestId::parse);
            fields.close();
            problems.or(by.zip(id))?
        };
        let carrier = app.carrier.clone();
        app.desk.start(id.clone(), carrier, by.permit()?).await?;
        view::port(&app, &id).await
    };
    match app.gate.caller(&head.headers) {
        Some(Caller::Program) => answer(StatusCode::CREATED, started.await),
        _ => stranger(),
    }
}

/// One port: JSON for a program, a page for a person.
async fn port(State(app): State<Arc<App>>, Path(id): Path<String>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    match app.gate.caller(&head.headers) {
        None => unknown(&head),
        Some(Caller::Program) => {
            let shown = async { view::port(&app, &read_id(&id)?).await };
            answer(StatusCode::OK, shown.await)
        }
        Some(Caller::Person(who)) => page::port(&app, &who, &id, &head.uri).await,
    }
}

async fn timeline(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    head: HeaderMap,
    uri: Uri,
) -> Response {
    for_programs(&app, &head, async {
        let from = whole(&uri, "from")?.unwrap_or(0);
        let limit = whole(&uri, "limit")?.unwrap_or(100).clamp(1, 1000);
        let events = app.desk.timeline(&read_id(&id)?, from, limit).await?;
        Ok(view::timeline(&events, limit))
    })
    .await
}

async fn act_on(
    State(app): State<Arc<App>>,
    Path((id, act)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    match app.gate.caller(&head.headers) {
        None => unknown(&head),
        Some(Caller::Program) => {
            let done = async {
                let body = body::read(body, JSON_LIMIT, app.patience).await?;
                let form = body::json(&head.headers, &body)?;
                let id = read_id(&id)?;
                act::perform(&app, &id, &act, &form, None).await?;
                view::port(&app, &id).await
            };
            answer(StatusCode::OK, done.await)
        }
        Some(Caller::Person(who)) => {
            let done = async {
                let form = own_form(&app, &who, &head, body).await?;
                act::perform(&app, &read_id(&id)?, &act, &form, Some(&who.actor)).await
            };
            match done.await {
                Ok(()) => see_other(&format!("/ports/{}", body::in_path(&id))),
                Err(refused) => page::refused(&who, Some(&id), &refused),
            }
        }
    }
}

/// A form of this person's own pages, without its key.
async fn own_form(
    app: &App,
    who: &Session,
    head: &Parts,
    body: axum::body::Body,
) -> Result<serde_json::Map<String, serde_json::Value>, Refused> {
    let body = body::read(body, FORM_LIMIT, app.patience).await?;
    let mut form = body::form(&head.headers, &body)?;
    let key = form.remove("form_key");
    let key = key
        .as_ref()
        .and_then(|key| key.as_str())
        .unwrap_or_default();
    if !app.gate.is_form_of(who, key) {
        let why = "this form is not of your session; load the page again and repeat it";
        return Err(Refused::new(StatusCode::FORBIDDEN, why));
    }
    Ok(form)
}

fn read_id(text: &str) -> Result<PortRequestId, Refused> {
    PortRequestId::parse(text).map_err(|why| Refused::new(StatusCode::NOT_FOUND, why.to_string()))
}

/// A parameter of the query that names something.
fn named<T>(
    uri: &Uri,
    name: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Refused> {
    let Some(text) = parameter(uri, name) else {
        return Ok(None);
    };
    let why = format!("{name} names nothing that exists");
    let read = parse(&text).ok_or_else(|| Refused::new(StatusCode::BAD_REQUEST, why))?;
    Ok(Some(read))
}

async fn for_programs(
    app: &App,
    head: &HeaderMap,
    shown: impl Future<Output = Result<serde_json::Value, Refused>>,
) -> Response {
    match app.gate.caller(head) {
        None => stranger(),
        Some(_) => answer(StatusCode::OK, shown.await),
    }
}

fn answer(status: StatusCode, shown: Result<serde_json::Value, Refused>) -> Response {
    match shown {
        Ok(shown) => json_response(status, &shown),
        Err(refused) => refused.json(),
    }
}

/// A program without the token.
fn stranger() -> Response {
    let why = "send the desk's token, Authorization: Bearer TOKEN";
    let refused = Refused::new(StatusCode::UNAUTHORIZED, why).json();
    ([(WWW_AUTHENTICATE, "Bearer")], refused).into_response()
}

/// Nobody that is known: a browser is shown where to log in.
fn unknown(head: &Parts) -> Response {
    let accepts = head
        .headers
        .get(ACCEPT)
        .and_then(|kinds| kinds.to_str().ok());
    match accepts {
        Some(kinds) if kinds.contains("text/html") => see_other("/login"),
        _ => stranger(),
    }
}

fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Who is logged in, for the pages.
fn person(app: &App, head: &HeaderMap) -> Option<Session> {
    match app.gate.caller(head) {
        Some(Caller::Person(who)) => Some(who),
        _ => None,
    }
}

/// Whether staff: those who work at the pages.
fn is_staff(actor: &Actor) -> bool {
    gate::STAFF.contains(&actor.role())
}
