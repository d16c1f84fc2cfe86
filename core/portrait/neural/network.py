"""The networks of High, in torch: what refines a picture, and what tells refined from real. Loaded only within functions."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

PICTURE, MASKS, PLACE = 3, 3, 3
"""Channels of what is refined: its colours, masks (mouth, eyes, matte), and the place on the head."""
_TEXTURE, _TEXELS = 16, 256
_DEPTH = 3
_SLOPE = 0.1


class Network(nn.Module):
    """Gain and offset of a picture's pixels: a U-Net (Ronneberger, Fischer and Brox 2015) over it and a learned texture of the head.

    The texture lies on the head (Thies, Zollhöfer and Nießner 2019), so that what is learned of a place stays there.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = [channels * (step + 1) for step in range(_DEPTH + 1)]
        self.texture = nn.Parameter(0.01 * torch.randn(1, _TEXTURE, _TEXELS, _TEXELS))
        self.first = _block(PICTURE + MASKS + PLACE + _TEXTURE, widths[0], 1)
        self.down = nn.ModuleList(_block(a, b, 2) for a, b in pairwise(widths))
        self.up = nn.ModuleList(_block(a + b, a, 1) for a, b in pairwise(widths))
        self.last = nn.Conv2d(widths[0], 2 * PICTURE, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, seen: Tensor) -> Tensor:
        """Pictures (B, 3, H, W), refined, of what is seen, (B, 9, H, W); places from -1 to 1."""
        place = seen[:, -PLACE:-1].permute(0, 2, 3, 1)
        texture = functional.grid_sample(
            self.texture.expand(len(seen), -1, -1, -1), place, align_corners=False
        )
        levels = [self.first(torch.cat([seen, texture], 1))]
        for down in self.down:
            levels.append(down(levels[-1]))
        x = levels.pop()
        for up in reversed(self.up):
            beside = levels.pop()
            larger = functional.interpolate(x, size=beside.shape[-2:], mode="bilinear", align_corners=False)
            x = up(torch.cat([beside, larger], 1))
        matte = seen[:, PICTURE + MASKS - 1 : PICTURE + MASKS]
        picture = seen[:, :PICTURE]
        gain, offset = self.last(x).chunk(2, dim=1)
        return picture + matte * (gain * picture + offset)


class Critic(nn.Module):
    """Says of each patch of a picture how real it looks (Isola et al. 2017)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = [PICTURE + PLACE, channels, 2 * channels, 4 * channels]
        steps = [
            nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(2 * _SLOPE)) for a, b in pairwise(widths)
        ]
        self.layers = nn.Sequential(*steps, nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, picture: Tensor, seen: Tensor) -> Tensor:
        """Grades of patches of pictures (B, 3, H, W), knowing their places on the head."""
        return self.layers(torch.cat([picture, seen[:, -PLACE:]], 1))


def importance(seen: Tensor) -> Tensor:
    """How much each pixel counts, (B, 1, H, W): the mouth four times, the eyes twice."""
    mouth, eyes = seen[:, PICTURE : PICTURE + 1], seen[:, PICTURE + 1 : PICTURE + 2]
    return 1 + 3 * mouth + eyes


def difference(made: Tensor, true: Tensor, weight: Tensor) -> Tensor:
    """Mean absolute difference of pictures, and of their gradients at three scales; weight (B, 1, H, W)."""
    total = ((made - true).abs() * weight).mean()
    for _ in range(3):
        for axis in (2, 3):
            here = torch.narrow(weight, axis, 0, weight.shape[axis] - 1)
            total = total + 0.7 * ((made.diff(dim=axis) - true.diff(dim=axis)).abs() * here).mean()
        made, true, weight = (functional.avg_pool2d(each, 2) for each in (made, true, weight))
    return total


def critic_loss(made: Tensor, true: Tensor) -> Tensor:
    """What a critic has to answer for that grades made and real pictures so: the hinge (Lim and Ye 2017)."""
    return functional.relu(1 + made).mean() + functional.relu(1 - true).mean()


def _block(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1),
        nn.LeakyReLU(_SLOPE),
        nn.Conv2d(outputs, outputs, 3, 1, 1),
        nn.LeakyReLU(_SLOPE),
    )
