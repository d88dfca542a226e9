//! Bodies and queries, read with limits.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::refused::Refused;

/// A number list has ten million bytes at most, and JSON a little more.
pub(crate) const JSON_LIMIT: usize = 12 * 1024 * 1024;
/// A page's form holds a number list of a request at most.
pub(crate) const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// The body, if it comes in time and is not too large.
pub(crate) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Bytes, Refused> {
    match tokio::time::timeout(patience, to_bytes(body, limit)).await {
        Ok(Ok(body)) => Ok(body),
        // Or the connection broke, and nobody reads the answer.
        Ok(Err(_)) => Err(Refused::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("a body may have {limit} bytes"),
        )),
        Err(_) => Err(Refused::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body came too slowly",
        )),
    }
}

fn is(headers: &HeaderMap, kind: &str) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let given = given.and_then(|given| given.split(';').next());
    given.is_some_and(|given| given.trim().eq_ignore_ascii_case(kind))
}

/// A JSON object. What is wrong with it is told by its place alone.
pub(crate) fn json(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refused> {
    if !is(headers, "application/json") {
        let why = "send JSON, and say so: Content-Type: application/json";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refused::new(
            StatusCode::BAD_REQUEST,
            "the JSON must be an object",
        )),
        Err(error) => {
            let what = match error.classify() {
                Category::Eof => "the JSON breaks off",
                _ => "this is no JSON",
            };
            let why = format!("{what} at line {}, column {}", error.line(), error.column());
            Err(Refused::new(StatusCode::BAD_REQUEST, why))
        }
    }
}

/// An HTML form, each field once.
pub(crate) fn form(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refused> {
    if !is(headers, "application/x-www-form-urlencoded") {
        let why = "this is for the forms of the pages; programs send a bearer token and JSON";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let value = Value::String(value.into_owned());
        if fields.insert(name.into_owned(), value).is_some() {
            return Err(Refused::new(StatusCode::BAD_REQUEST, "a field came twice"));
        }
    }
    Ok(fields)
}

/// A parameter of the query; the first of its name.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(key, value)| key == name && !value.is_empty())?;
    Some(value.into_owned())
}

/// A parameter that is a whole number.
pub(crate) fn whole(uri: &Uri, name: &str) -> Result<Option<usize>, Refused> {
    let Some(text) = parameter(uri, name) else {
        return Ok(None);
    };
    let why = format!("{name} must be a whole number");
    let number = text
        .parse()
        .map_err(|_| Refused::new(StatusCode::BAD_REQUEST, why))?;
    Ok(Some(number))
}

/// A name as part of a path.
pub(crate) fn in_path(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
