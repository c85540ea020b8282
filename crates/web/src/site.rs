//! What handlers share, and the only place where async meets the store.

use std::sync::Arc;

use app::App;
use app::live::Live;

use crate::failure::Failure;

/// The app behind the routes.
#[derive(Clone)]
pub(crate) struct Site {
    live: Arc<Live>,
}

impl Site {
    pub fn new(live: Live) -> Site {
        Site { live: Arc::new(live) }
    }

    /// Runs `work` on a thread that may wait for the disk.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> app::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let live = Arc::clone(&self.live);
        let span = tracing::Span::current();
        let work = move || span.in_scope(|| work(&*live.app()?));
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| Failure::internal())?.map_err(Failure::from)
    }

    /// What every page needs beside its answer.
    pub fn frame(&self) -> ui::Frame {
        let app = self.live.last();
        ui::Frame {
            as_of: app.now(),
            zone: app.zone().clone(),
            version: app.version().to_owned(),
            address: app.address(),
            is_demo: app.is_demo(),
        }
    }
}
