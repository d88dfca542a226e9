//! What is found before anything is filed.
