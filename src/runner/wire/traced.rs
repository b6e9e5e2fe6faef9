//! A request as a span of the log: the number and what is done, never the person or the package.

use tracing::Instrument;

use crate::ledger::Attempt;

/// The same future, in the span of its attempt.
pub(super) async fn traced<T>(attempt: &Attempt, request: impl Future<Output = T>) -> T {
    let span = tracing::debug_span!(
        "attempt",
        action = attempt.action().name(),
        number = attempt.mch_billno().as_str(),
        is_resend = attempt.is_resend(),
    );
    request.instrument(span).await
}
