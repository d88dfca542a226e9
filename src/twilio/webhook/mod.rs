//! Webhooks: signatures checked, events read into hints.
