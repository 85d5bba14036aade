"""LOTION's penalty 1/2 sum F sigma^2 in PyTorch, and its slope: by autograd, by hand for the compiler, and by hand in place.

Written for the symmetric integers with an absmax scale, in f32 or rounded up to f16, and for E2M1 with an absmax scale or one that
is a power of two. Source: LOTION, arXiv 2510.08757; the slope of @lotion/optim, through the scale.
"""

import torch


def locate_integer(x):
    """Distance from the grid point below, and the gap of the cell: 0 on a grid point."""
    below = x - x.floor()
    return below, torch.where(below > 0, 1.0, 0.0)


def locate_e2m1(x):
    """The same for magnitudes of E2M1: steps of 1/2 below 2, of 1 below 4, of 2 below 6."""
    gap = torch.where(x < 2.0, 0.5, torch.where(x < 4.0, 1.0, 2.0))
    steps = x * torch.where(x < 2.0, 2.0, torch.where(x < 4.0, 1.0, 0.5))
    below = x - steps.floor() * gap
    return below, torch.where(below > 0, gap, 0.0)


LOCATE = {"integer": locate_integer, "e2m1": locate_e2m1}


def binade(x):
    """The largest power of two below a positive normal number: its exponent bits."""
    return (x.view(torch.int32) & 0x7F800000).view(torch.float32)


def or_one(x):
    """A divisor: 1 where x is 0, as in a block of zeros."""
    return torch.where(x > 0, x, 1.0)


class Lotion:
    """The penalty of a format over blocks, and its slope."""

    def __init__(self, grid, scale, top, block, through_scale):
        self.locate, self.scale, self.top, self.block = LOCATE[grid], scale, top, block
        self.integers = grid == "integer"
        # A scale that is a power of two has no slope.
        self.through_scale = through_scale and scale != "e8m0-ceil"

    def covering(self, amax):
        """The scale that brings a block's maximum to at most `top`."""
        if self.scale == "absmax":
            return amax / self.top
        if self.scale == "absmax-f16":
            # The smallest f16 that does; of the subnormal ones @lotion/formats takes fewer.
            near = (amax / self.top).half()
            above = (near.view(torch.int16) + 1).view(torch.float16).float()
            near = near.float()
            return torch.where(near * self.top < amax, above, near)
        # The smallest power of two that does; the top is 1.5 times one.
        power = binade(amax.clamp(2.0**-120)) / (self.top / 1.5)
        return torch.where(power * self.top < amax, power * 2, power)

    def scaled(self, rows):
        """The weights in units of the grid, their scale, and the blocks' maxima."""
        amax = rows.abs().amax(1, keepdim=True)
        held = amax if self.through_scale else amax.detach()
        if self.scale == "absmax":
            return rows / or_one(held) * self.top, held / self.top, amax
        scale = self.covering(amax.detach())
        if self.through_scale:
            # Rounding hides the maximum: the scale follows it in proportion.
            scale = scale * (held / or_one(held.detach()))
        return rows / or_one(scale), scale, amax

    def rows(self, flat):
        return flat.view(-1, self.block)

    def penalty(self, w, fisher):
        x, scale, _ = self.scaled(self.rows(w))
        below, gap = self.locate(x.abs())
        return 0.5 * (self.rows(fisher) * below * (gap - below) * scale * scale).sum()

    def slope_by_autograd(self, w, fisher):
        return torch.func.grad(self.penalty)(w, fisher)

    def slope_by_hand(self, w, fisher):
        w, fisher = self.rows(w), self.rows(fisher)
        x, scale, amax = self.scaled(w)
        magnitude = x.abs()
        below, gap = self.locate(magnitude)
        along = gap - 2 * below
        slope = fisher * torch.where(x < 0, -along, along) * (0.5 * scale)
        if self.through_scale:
            variance = below * (gap - below)
            by_scale = (fisher * (variance - 0.5 * magnitude * along)).sum(1, keepdim=True) * scale
            largest = w.abs() == amax
            share = by_scale * (scale / or_one(amax)) / largest.sum(1, keepdim=True)
            slope = slope + torch.where(largest, torch.where(w < 0, -share, share), 0.0)
        return slope.view(-1)

    def add_slope(self, gradient, w, fisher, strength):
        """Add `strength` times the slope to the gradient, with as few passes and as little memory as eager mode allows."""
        gradient, w, fisher = self.rows(gradient), self.rows(w), self.rows(fisher)
        if not self.integers:
            gradient.add_(self.slope_by_hand(w, fisher).view_as(gradient), alpha=strength)
            return
        largest = w.abs()
        amax = largest.amax(1, keepdim=True)
        scale = self.covering(amax)
        # As in `scaled`: an absmax scale takes the maximum to the top exactly.
        x = (w / or_one(amax)).mul_(self.top) if self.scale == "absmax" else w / or_one(scale)
        # With the weight's sign: the distance from the grid point nearer to 0, and the slope of the variance.
        below = x.frac()
        along = below.sign().sub_(below, alpha=2)
        if self.through_scale:
            by_scale = (along + below).mul_(below).addcmul_(x, along, value=-0.5).mul_(fisher).sum(1, keepdim=True)
            largest.eq_(amax)
            share = by_scale * scale * (scale / or_one(amax)) / largest.sum(1, keepdim=True)
            gradient.addcmul_(largest.copysign_(w), share, value=strength)
        gradient.addcmul_(along.mul_(fisher), scale, value=0.5 * strength)
