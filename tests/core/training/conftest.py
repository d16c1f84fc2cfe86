"""What tests of trainings share."""

import pytest


@pytest.fixture
def one_thread():
    """Small networks: threads of torch cost more than they bring."""
    torch = pytest.importorskip("torch", reason="torch is there for training alone")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
