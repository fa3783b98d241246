//! The API's description: every route is registered together with its text, so that none can be missing.

use axum::Router;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::{AppState, members, sport, stores, team, wallet};

/// Where the description is served.
pub(crate) const DESCRIPTION: &str = "/openapi.json";
/// Where it is readable.
pub(crate) const DOCS: &str = "/docs";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Haigou",
        description = "JSON, snake_case; amounts are decimal strings, times RFC 3339. Errors are \
            `application/problem+json` with a stable `code`, in the language of `Accept-Language` (zh-CN or en). \
            Every change of a member's takes an `Idempotency-Key`; what the device must sign says so."
    ),
    components(schemas(haigou_contract::Problem)),
    modifiers(&Bearer)
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        api.components
            .get_or_insert_default()
            .add_security_scheme("session", SecurityScheme::Http(scheme));
    }
}

/// Every route of the API. New folders add theirs here.
pub(crate) fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(members::routes())
        .merge(sport::routes())
        .merge(wallet::routes())
        .merge(stores::routes())
        .merge(team::routes())
}

/// The description as it is served at `/openapi.json`.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// The description and its readable form; both come from this program alone.
pub(crate) fn pages<S: Clone + Send + Sync + 'static>(description: utoipa::openapi::OpenApi) -> Router<S> {
    SwaggerUi::new(DOCS).url(DESCRIPTION, description).into()
}
