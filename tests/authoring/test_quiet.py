"""Masters are run for their values: figures cost little, and whoever draws afterwards gets whole ones."""

from matplotlib.figure import Figure

from playbook.authoring.solve import quiet


def placed() -> tuple[float, ...]:
    """Where the axes of a figure with wide labels stand once it is drawn."""
    fig = Figure(layout="constrained")
    axes = fig.add_subplot()
    axes.set_ylabel("one\ntwo\nthree\nfour")
    fig.draw_without_rendering()
    return tuple(axes.get_position().bounds)


def test_figures_are_not_laid_out_meanwhile_and_are_again_afterwards():
    before = placed()
    with quiet():
        meanwhile = placed()
    assert meanwhile == tuple(Figure().add_subplot().get_position().bounds) != before
    assert placed() == before
