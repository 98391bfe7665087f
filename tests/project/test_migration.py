import os
import subprocess
import sys

from tests.conftest import SECRET
from tests.servers.install import ROOT
from thespace.settings import Settings


def test_the_migrations_make_what_the_models_say(settings: Settings) -> None:
    chosen = {
        "SPACE_DATA_DIR": str(settings.data_dir),
        "SPACE_DATABASE_URL": settings.database_url,
        "SPACE_SECRET_KEY": SECRET,
    }
    command = [sys.executable, "-m", "alembic", "check"]
    checked = subprocess.run(
        command, cwd=ROOT, env=os.environ | chosen, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
