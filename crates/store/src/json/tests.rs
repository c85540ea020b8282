//! What is special to the JSON backend.
