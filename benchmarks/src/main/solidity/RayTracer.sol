// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Renders a few spheres above a chequered floor in signed fixed point: records in memory, signed multiplication and
/// division, square roots by Newton, calls between functions, few jumps that repeat. Returns a hash of the picture. What
/// a pixel took of the memory is used again for the next one, else most of the gas would be that of growing it.
contract RayTracer {
    int256 private constant ONE = 1e9;
    int256 private constant FAR = 1e6 * ONE;
    int256 private constant NEAR = ONE / 1000;
    uint256 private constant BOUNCES = 3;

    struct Vector {
        int256 x;
        int256 y;
        int256 z;
    }

    struct Sphere {
        Vector centre;
        int256 radius;
        Vector colour;
        int256 mirror;
    }

    struct Hit {
        int256 distance;
        Vector point;
        Vector normal;
        Vector colour;
        int256 mirror;
    }

    function render(uint256 width, uint256 height) external pure returns (bytes32) {
        Sphere[] memory scene = spheres();
        Vector memory eye = Vector(0, ONE, -4 * ONE);
        bytes memory picture = new bytes(width * height * 3);
        uint256 at = 0;
        uint256 free;
        assembly {
            free := mload(0x40)
        }
        for (uint256 y = 0; y < height; y++) {
            for (uint256 x = 0; x < width; x++) {
                int256 dx = (2 * int256(x) - int256(width)) * ONE / int256(height);
                int256 dy = (int256(height) - 2 * int256(y)) * ONE / int256(height);
                Vector memory colour = trace(scene, eye, unit(Vector(dx, dy, 2 * ONE)));
                picture[at++] = channel(colour.x);
                picture[at++] = channel(colour.y);
                picture[at++] = channel(colour.z);
                assembly {
                    mstore(0x40, free)
                }
            }
        }
        return keccak256(picture);
    }

    function spheres() private pure returns (Sphere[] memory scene) {
        scene = new Sphere[](4);
        scene[0] = Sphere(Vector(0, ONE, 0), ONE, Vector(ONE, ONE / 5, ONE / 5), ONE / 3);
        scene[1] = Sphere(Vector(2 * ONE, ONE / 2, -ONE), ONE / 2, Vector(ONE / 5, ONE, ONE / 5), ONE / 5);
        scene[2] = Sphere(Vector(-2 * ONE, ONE * 3 / 4, ONE / 2), ONE * 3 / 4, Vector(ONE / 5, ONE / 5, ONE), ONE / 2);
        scene[3] = Sphere(Vector(ONE / 2, ONE / 4, -2 * ONE), ONE / 4, Vector(ONE, ONE, ONE / 5), 0);
    }

    function trace(Sphere[] memory scene, Vector memory from, Vector memory towards)
        private
        pure
        returns (Vector memory seen)
    {
        seen = Vector(0, 0, 0);
        int256 weight = ONE;
        for (uint256 bounce = 0; bounce < BOUNCES && weight > NEAR; bounce++) {
            Hit memory hit = nearest(scene, from, towards);
            if (hit.distance == FAR) {
                int256 sky = (ONE + towards.y) / 2;
                return sum(seen, times(Vector(sky, sky, ONE), weight));
            }
            int256 own = ONE - hit.mirror;
            seen = sum(seen, times(times(hit.colour, light(scene, hit)), weight * own / ONE));
            weight = weight * hit.mirror / ONE;
            from = hit.point;
            towards = unit(difference(towards, times(hit.normal, 2 * dot(towards, hit.normal))));
        }
    }

    /// How much of the one lamp reaches the point: a tenth at least, as there is no darkness in the open.
    function light(Sphere[] memory scene, Hit memory hit) private pure returns (int256) {
        Vector memory lamp = unit(Vector(-3 * ONE, 5 * ONE, -4 * ONE));
        int256 slant = dot(hit.normal, lamp);
        if (slant <= 0 || nearest(scene, hit.point, lamp).distance < FAR) {
            return ONE / 10;
        }
        return ONE / 10 + slant * 9 / 10;
    }

    function nearest(Sphere[] memory scene, Vector memory from, Vector memory towards)
        private
        pure
        returns (Hit memory hit)
    {
        hit.distance = FAR;
        for (uint256 i = 0; i < scene.length; i++) {
            int256 distance = distanceTo(scene[i], from, towards);
            if (distance < hit.distance) {
                hit.distance = distance;
                hit.point = sum(from, times(towards, distance));
                hit.normal = times(difference(hit.point, scene[i].centre), ONE * ONE / scene[i].radius);
                hit.colour = scene[i].colour;
                hit.mirror = scene[i].mirror;
            }
        }
        if (towards.y < -NEAR) {
            int256 distance = -from.y * ONE / towards.y;
            if (distance > NEAR && distance < hit.distance) {
                hit.distance = distance;
                hit.point = sum(from, times(towards, distance));
                hit.normal = Vector(0, ONE, 0);
                bool dark = ((hit.point.x + 1000 * ONE) / ONE + (hit.point.z + 1000 * ONE) / ONE) % 2 == 0;
                hit.colour = dark ? Vector(ONE / 8, ONE / 8, ONE / 8) : Vector(ONE, ONE, ONE);
                hit.mirror = ONE / 10;
            }
        }
    }

    function distanceTo(Sphere memory sphere, Vector memory from, Vector memory towards)
        private
        pure
        returns (int256)
    {
        Vector memory to = difference(sphere.centre, from);
        int256 along = dot(to, towards);
        int256 under = along * along / ONE - dot(to, to) + sphere.radius * sphere.radius / ONE;
        if (under <= 0) {
            return FAR;
        }
        int256 half = root(under * ONE);
        if (along - half > NEAR) {
            return along - half;
        }
        return along + half > NEAR ? along + half : FAR;
    }

    function channel(int256 value) private pure returns (bytes1) {
        return bytes1(uint8(uint256((value > ONE ? ONE : value) * 255 / ONE)));
    }

    function unit(Vector memory v) private pure returns (Vector memory) {
        return times(v, ONE * ONE / root(dot(v, v) * ONE));
    }

    function dot(Vector memory a, Vector memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) / ONE;
    }

    function sum(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    function difference(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x - b.x, a.y - b.y, a.z - b.z);
    }

    function times(Vector memory a, int256 by) private pure returns (Vector memory) {
        return Vector(a.x * by / ONE, a.y * by / ONE, a.z * by / ONE);
    }

    function times(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x * b.x / ONE, a.y * b.y / ONE, a.z * b.z / ONE);
    }

    /// The square root, rounded down, by Newton's method from above.
    function root(int256 square) private pure returns (int256) {
        int256 next = 1;
        while (next * next < square) {
            next *= 256;
        }
        int256 guess = next + 1;
        while (next < guess) {
            guess = next;
            next = (guess + square / guess) / 2;
        }
        return guess;
    }
}
