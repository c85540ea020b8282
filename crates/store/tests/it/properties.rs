//! Random workspaces go in and come back equal, also from backend to backend.
