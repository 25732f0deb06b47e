"""Publishing a checkpoint folder on the Hub, in one commit."""

from pathlib import Path

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from segnode.checkpoint import CARD, CONFIG, FAMILIARITY, WEIGHTS
from segnode.hub.failures import hub_errors
from segnode.hub.names import checked_repository, checked_revision
from segnode.hub.reach import model_info


def push(
    folder: Path,
    repository: str,
    *,
    message: str,
    private: bool | None = None,
    token: str | bool | None = None,
    branch: str | None = None,
) -> str:
    """The web address of the commit that holds the checkpoint in `folder`; the repository is made if need be.

    One commit, where huggingface_hub's own `upload_folder` may make several: no revision has weights without their
    settings. Raises `HubError`.
    """
    checked_repository(repository)
    checked_revision(branch)
    files = (CONFIG, WEIGHTS, CARD, *(file.name for file in folder.glob(FAMILIARITY)))
    api = HfApi(token=token, library_name="segnode")
    with hub_errors(repository, branch):
        try:
            model_info(api, repository)
        except HfHubHTTPError as error:  # an answer, and a new repository is not found yet
            if error.response.status_code >= 500:
                raise
        repository = api.create_repo(repository, private=private, exist_ok=True).repo_id
        if branch is not None:
            api.create_branch(repository, branch=branch, exist_ok=True)
        commit = api.create_commit(
            repository,
            operations=[CommitOperationAdd(file, folder / file) for file in files],
            commit_message=message,
            revision=branch,
        )
    return commit.commit_url
