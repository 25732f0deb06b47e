"""Publish a checkpoint folder, its card included, on the Hugging Face Hub and print the commit's address.

    python scripts/push_to_hub.py checkpoints/segnode-streets owner/segnode-streets

Log in first with `hf auth login`, with a token that may write. Put the repository and the commit printed at the end
into `checkpoints/index.json`, so that the app loads exactly these weights.
"""

from pathlib import Path

import tyro

from segnode.command import launch
from segnode.model.segnode import SegNode


def main(
    folder: tyro.conf.Positional[Path],
    repository: tyro.conf.Positional[str],
    branch: str | None = None,
    private: bool = False,
    message: str = "Publish a SegNode checkpoint",
) -> None:
    """Publish a checkpoint on the Hub.

    Args:
        folder: the checkpoint, checked before anything is sent.
        repository: owner/name on the Hub, made if need be.
        branch: the branch to commit to, made if need be; main otherwise.
        private: make a new repository private.
        message: the commit's.
    """
    model = SegNode.from_pretrained(folder)
    readme = folder / "README.md"
    card = readme.read_text(encoding="utf-8") if readme.is_file() else None
    print(model.push_to_hub(repository, commit_message=message, private=private or None, branch=branch, card=card))


if __name__ == "__main__":
    launch(lambda: tyro.cli(main))
