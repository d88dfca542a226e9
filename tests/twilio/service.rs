//! After the port: assignment, messaging, registration, tests, alerts.
