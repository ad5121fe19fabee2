"""The endpoint as a whole, from its environment: the same for every server and every platform."""

from collections.abc import Mapping
from pathlib import Path

from endpoint.context import Context
from endpoint.disks import refuse_volatile
from endpoint.settings import SettingsError, is_postgres, refuse_private_key
from endpoint.web.app import make_app
from endpoint.web.wsgi import Wsgi

# Says that nothing of this has to last: for the demo and the tests, on whatever disk they run.
TRIAL = "CARTA_PROVA"
MOUNTS = Path("/proc/self/mounts")
# What a platform sets by itself where the disk goes with the process, or is one of many.
_PLATFORMS = {
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",
    "CLOUD_RUN_JOB": "Cloud Run",
    "CONTAINER_APP_NAME": "Azure Container Apps",
    "FUNCTIONS_WORKER_RUNTIME": "Azure Functions",
    "K_SERVICE": "Cloud Run o Knative",
}


def application(context: Context) -> Wsgi:
    """The WSGI callable of an environment, with its store opened.

    Raises what `Context` raises, and SettingsError if what is stored would not last or a private
    key is there.
    """
    refuse_private_key(context.environ)
    refuse_short_lived(context.environ, context.settings.database)
    return make_app(
        context.settings, context.store, context.forms, context.body, context.clock
    )  # fmt: skip


def refuse_short_lived(environ: Mapping[str, str], database: str) -> None:
    """Raise SettingsError if a file there may not be there tomorrow; a server is taken as it is."""
    if is_postgres(database):
        return
    for name, platform in _PLATFORMS.items():
        if environ.get(name):
            raise SettingsError(
                f"CARTA_DB: su {platform} i file vanno persi quando il programma si ferma. "
                "Usa PostgreSQL (postgresql://…)."
            )
    if not is_trial(environ) and MOUNTS.exists():
        refuse_volatile(Path(database).absolute(), MOUNTS.read_text("utf-8"))


def is_trial(environ: Mapping[str, str]) -> bool:
    """Whether this is only a trial, whose data may be lost."""
    return environ.get(TRIAL, "") == "si"
