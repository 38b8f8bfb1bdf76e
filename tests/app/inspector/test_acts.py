from app.inspector.acts import ACTS, ROW_COLUMNS, rows_of_acts
from digitcore import Settings, read_image
from digitcore.stages import StageName


def test_every_stage_belongs_to_one_act_and_they_are_in_the_order_of_the_pipeline():
    assert [name for act in ACTS for name in act.stages] == list(StageName)


def test_the_stages_of_a_reading_are_grouped_without_a_gap(drawing):
    stages = read_image(drawing(3), Settings(clahe_clip=2)).stages
    rows = rows_of_acts(stages)
    groups = [each for row in rows for each in row]
    assert [stage for each in groups for stage in each.stages] == stages
    assert [each.first for each in groups] == [1 + stages.index(each.stages[0]) for each in groups]
    assert [each.number for each in groups] == [1, 2, 3, 4]
    assert all(sum(each.act.columns for each in row) <= ROW_COLUMNS for row in rows)


def test_acts_without_a_stage_are_left_out(drawing):
    stages = read_image(drawing(3), Settings.for_drawing()).stages[:2]
    ((act,),) = rows_of_acts(stages)
    assert act.act is ACTS[0]
    assert rows_of_acts([]) == []
