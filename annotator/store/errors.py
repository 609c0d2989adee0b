"""What can be wrong with a project file, each as one sentence that says what to do."""

from __future__ import annotations

from annotator.domain.errors import UserError


class StoreFault(UserError):
    """A fault of the project's file or of the disk it lies on."""


class ProjectMissing(StoreFault):
    """There is no such file."""


class ProjectExists(StoreFault):
    """A new project would overwrite a file."""


class NotAProject(StoreFault):
    """The file is something else, or damaged."""


class ProjectNewer(StoreFault):
    """A newer Annotator made the project."""


class ProjectLocked(StoreFault):
    """Another program holds the project."""


class ProjectReadOnly(StoreFault):
    """The project may not be written."""


class DiskFull(StoreFault):
    """No space is left."""


class StaleSet(StoreFault):
    """Somebody else went on with this annotation set."""


class DuplicateDocument(StoreFault):
    """The document's id is taken."""
