use std::fmt;

use super::base::Product;
use crate::twilio::AccountSid;

/// A call to Twilio, before its base URL and credentials are known.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) operation: Operation,
    /// On whose behalf: whose credentials are asked for.
    pub(super) account: AccountSid,
    pub(super) product: Product,
    /// From the product's base on, beginning with `/`; SIDs and encoded numbers only.
    pub(super) path: String,
    /// Encoded as a form.
    pub(super) query: String,
    pub(super) body: Body,
}

#[derive(Clone)]
pub(super) enum Body {
    None,
    Form(String),
    Json(String),
}

/// What a call is called in errors, and whether it changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    method: Method,
    name: &'static str,
    reads: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Delete,
}

impl Operation {
    pub(super) const fn get(name: &'static str) -> Self {
        Self {
            method: Method::Get,
            name,
            reads: true,
        }
    }

    pub(super) const fn post(name: &'static str) -> Self {
        Self {
            method: Method::Post,
            name,
            reads: false,
        }
    }

    pub(super) const fn delete(name: &'static str) -> Self {
        Self {
            method: Method::Delete,
            name,
            reads: false,
        }
    }

    /// A POST that only asks.
    pub(super) const fn asking(name: &'static str) -> Self {
        Self {
            method: Method::Post,
            name,
            reads: true,
        }
    }

    pub(super) fn method(self) -> Method {
        self.method
    }

    /// Whether it changes nothing, and so may be asked again.
    pub(super) fn reads(self) -> bool {
        self.reads
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        write!(f, "{method} {}", self.name)
    }
}

impl Request {
    pub(super) fn new(
        operation: Operation,
        account: &AccountSid,
        product: Product,
        path: String,
    ) -> Self {
        Self {
            operation,
            account: account.clone(),
            product,
            path,
            query: String::new(),
            body: Body::None,
        }
    }

    pub(super) fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        self.query = form(pairs);
        self
    }

    pub(super) fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.body = Body::Form(form(pairs));
        self
    }

    pub(super) fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Body::Json(body.to_string());
        self
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
