//! Tokens, keys and accounts reach no Debug, error or log.
