"""Networks of the quality High, in torch: U-Net renderer and patch discriminator. Imported only inside functions."""

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
    """U-Net (Ronneberger, Fischer and Brox 2015) that predicts a gain and an offset for each pixel.

    A learned neural texture (Thies, Zollhöfer and Nießner 2019) is sampled at each pixel's place on the head, so that
    details stay where they belong.
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

    def forward(self, inputs: Tensor) -> Tensor:
        """Refine frames: network inputs (B, 9, H, W), places from -1 to 1, to frames (B, 3, H, W)."""
        place = inputs[:, -PLACE:-1].permute(0, 2, 3, 1)  # (B x H x W x 2)
        texture = functional.grid_sample(
            self.texture.expand(len(inputs), -1, -1, -1), place, align_corners=False
        )  # (B x T x H x W)
        levels = [self.first(torch.cat([inputs, texture], 1))]
        for down in self.down:
            levels.append(down(levels[-1]))
        x = levels.pop()
        for up in reversed(self.up):
            beside = levels.pop()
            larger = functional.interpolate(x, size=beside.shape[-2:], mode="bilinear", align_corners=False)
            x = up(torch.cat([beside, larger], 1))  # (B x C x H x W), twice as large
        matte = inputs[:, PICTURE + MASKS - 1 : PICTURE + MASKS]
        picture = inputs[:, :PICTURE]
        gain, offset = self.last(x).chunk(2, dim=1)  # (B x 3 x H x W) each
        return picture + matte * (gain * picture + offset)


class Critic(nn.Module):
    """Patch discriminator (Isola et al. 2017)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = [PICTURE + PLACE, channels, 2 * channels, 4 * channels]
        steps = [
            nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(2 * _SLOPE)) for a, b in pairwise(widths)
        ]
        self.layers = nn.Sequential(*steps, nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, picture: Tensor, inputs: Tensor) -> Tensor:
        """Realism scores of the patches of frames (B, 3, H, W), given their places on the head."""
        return self.layers(torch.cat([picture, inputs[:, -PLACE:]], 1))


def importance(inputs: Tensor) -> Tensor:
    """Loss weight of each pixel, (B, 1, H, W): 4 in the mouth, 2 about the eyes, else 1."""
    mouth, eyes = inputs[:, PICTURE : PICTURE + 1], inputs[:, PICTURE + 1 : PICTURE + 2]
    return 1 + 3 * mouth + eyes


def difference(made: Tensor, true: Tensor, weight: Tensor) -> Tensor:
    """L1 loss of frames and of their gradients at three scales; weight (B, 1, H, W)."""
    total = ((made - true).abs() * weight).mean()
    for _ in range(3):
        for axis in (2, 3):
            here = torch.narrow(weight, axis, 0, weight.shape[axis] - 1)
            total = total + 0.7 * ((made.diff(dim=axis) - true.diff(dim=axis)).abs() * here).mean()
        made, true, weight = (functional.avg_pool2d(each, 2) for each in (made, true, weight))
    return total


def critic_loss(made: Tensor, true: Tensor) -> Tensor:
    """Hinge loss of the discriminator (Lim and Ye 2017), by its scores of rendered and real frames."""
    return functional.relu(1 + made).mean() + functional.relu(1 - true).mean()


def _block(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1),
        nn.LeakyReLU(_SLOPE),
        nn.Conv2d(outputs, outputs, 3, 1, 1),
        nn.LeakyReLU(_SLOPE),
    )
