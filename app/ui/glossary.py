"""What the page's terms mean, in a sentence or two: shown when the pointer is on a term, and in How it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term of the page. texts: the words it is shown as; the first of them names it in a list."""

    texts: tuple[str, ...]
    meaning: str


TERMS = (
    Term(
        ("solve time t", "t"),
        "The depth of the network, as a time: the state starts at t = 0 and is read at T, where training ended.",
    ),
    Term(
        ("mIoU", "mIoU error", "vs. truth", "A vs. truth", "B vs. truth", "mIoU error at t", "mIoU error at the end"),
        "IoU averaged over the classes in the picture. The error is 100 % less that; 0 % is a perfect answer.",
    ),
    Term(
        ("IoU", "IoU at t, %"),
        "Intersection over union: of all pixels that are of a class or are labelled as it, the share that are both.",
    ),
    Term(
        ("mIoU with the final result", "vs. final", "vs. final result", "A vs. its end", "B vs. its end"),
        "The labels at t compared with those the solve ends with, as if these were the truth. It says when the network"
        " decided, not whether it is right.",
    ),
    Term(
        ("same label", "pixels labelled as", "pixels with their final label", "same label at t"),
        "The share of all pixels whose label equals their final one, or is the same in two runs. Large classes count"
        " most in it.",
    ),
    Term(
        ("mIoU of A with B", "A vs. B", "mIoU of A with B at t"),
        "The labels of one run compared with those of the other, averaged over the classes, so that small ones count as"
        " much as large ones.",
    ),
    Term(
        ("decided", "median t", "median t of right pixels"),
        "The time from which a pixel keeps the label it ends with. The median is over the pixels of a class.",
    ),
    Term(
        ("missed and false alarm", "pixels missed, false alarms"),
        "Missed: pixels of a class labelled as another. False alarm: pixels of another class labelled as this one.",
    ),
    Term(
        ("evaluation of f", "evaluations of f", "evaluations by t"),
        "One pass through the network f. Their number is the cost of a solve; drawing more frames adds nothing.",
    ),
    Term(
        ("solver",),
        "The method that follows dh/dt = f(h) from 0 to T. A method of higher order gets closer with as many steps.",
    ),
    Term(
        ("step", "steps"),
        "The solver goes from 0 to T in steps; the ticks below the slider show where. Between them it interpolates.",
    ),
    Term(
        ("tolerance",),
        "The error that an adaptive solver allows itself in a step: the smaller, the more steps it takes.",
    ),
    Term(("solved in",), "Wall time of the solve alone on the server's processor; drawing its frames is not counted."),
    Term(
        ("confidence", "probability over t"),
        "The probability that the network gives to the class it shows. It can be high and wrong.",
    ),
    Term(
        ("share of pixels", "share of pixels at t, %"),
        "Where there is no ground truth, no class can be scored: its size in the picture is shown instead.",
    ),
    Term(
        ("ground truth", "truth"),
        "The right class of every pixel. A generated street comes with it, a photograph does not.",
    ),
    Term(
        ("familiarity",),
        "How far a picture is from those of training, by the mean and spread of the network's features. 40 % means"
        " that 40 % of held-out pictures of the same kind are nearer.",
    ),
)


def meanings() -> dict[str, str]:
    """What each text of the page means."""
    return {text: term.meaning for term in TERMS for text in term.texts}


def listed() -> list[list[str]]:
    """Each term's name and meaning, in order."""
    return [[term.texts[0], term.meaning] for term in TERMS]
