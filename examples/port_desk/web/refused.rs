//! What is answered to what cannot be done.

use std::error::Error as _;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use snap_port::{DeskError, NotPermitted, StoreError};

use super::super::form::Problem;

/// A status, and everything that is wrong.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) problems: Vec<Problem>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, why: impl Into<String>) -> Self {
        let (field, why) = (String::new(), why.into());
        Self {
            status,
            problems: vec![Problem { field, why }],
        }
    }

    /// As JSON: `{"problems": [{"field", "why"}]}`, without the field where it is the whole.
    pub(crate) fn json(&self) -> Response {
        let problems = self.problems.iter().map(|problem| match &*problem.field {
            "" => json!({ "why": problem.why }),
            field => json!({ "field": field, "why": problem.why }),
        });
        let problems: Vec<Value> = problems.collect();
        json_response(self.status, &json!({ "problems": problems }))
    }
}

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    let kind = [(CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}

impl From<Vec<Problem>> for Refused {
    fn from(problems: Vec<Problem>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            problems,
        }
    }
}

impl From<NotPermitted> for Refused {
    fn from(why: NotPermitted) -> Self {
        Self::new(StatusCode::FORBIDDEN, why.to_string())
    }
}

impl From<DeskError> for Refused {
    fn from(error: DeskError) -> Self {
        if let DeskError::NotReady(readiness) = &error {
            let blockers = readiness.blockers().map(|concern| Problem {
                field: concern.part().to_string(),
                why: format!("{}; {}", concern.reason(), concern.remedy()),
            });
            return Self::from(blockers.collect::<Vec<_>>());
        }
        let status = match &error {
            DeskError::NotFound(_) => StatusCode::NOT_FOUND,
            DeskError::Exists(_)
            | DeskError::WrongState { .. }
            | DeskError::Claimed { .. }
            | DeskError::Store(StoreError::Conflict { .. } | StoreError::NumberTaken { .. }) => {
                StatusCode::CONFLICT
            }
            DeskError::Store(error) if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            DeskError::Store(_) | DeskError::Record { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            why = format!("{why}: {error}");
            source = error.source();
        }
        Self::new(status, why)
    }
}
