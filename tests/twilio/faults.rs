//! Every fault at every call.
