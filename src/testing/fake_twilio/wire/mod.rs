//! How requests come in and answers go out: the socket, the routes, what every request has to have.

pub(crate) mod answer;
pub(crate) mod door;
pub(crate) mod fault;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod route;
pub(crate) mod server;
mod side_door;
pub(crate) mod span;
