//! Numbers seen where they are.
