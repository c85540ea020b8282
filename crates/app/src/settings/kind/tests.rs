//! Values as they are typed, checked, stored and shown.
