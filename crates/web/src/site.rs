//! What handlers share, and the only place where async meets the store.

use std::sync::Arc;

use app::App;

use crate::failure::Failure;

/// The app behind the routes.
#[derive(Clone)]
pub(crate) struct Site {
    app: Arc<App>,
}

impl Site {
    pub fn new(app: App) -> Site {
        Site { app: Arc::new(app) }
    }

    /// Runs `work` on a thread that may wait for the disk.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let app = Arc::clone(&self.app);
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || span.in_scope(|| work(&app))).await;
        done.map_err(|_| Failure::internal())?.map_err(Failure::from)
    }

    /// What every page needs beside its answer.
    pub fn frame(&self) -> ui::Frame {
        ui::Frame {
            as_of: self.app.now(),
            zone: self.app.zone().clone(),
            version: self.app.version().to_owned(),
            address: self.app.address(),
            is_demo: self.app.is_demo(),
        }
    }
}
